<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Demonstration zone and its start area. Colours: non-official, after Okabe and Ito (safe for colour-blind readers). english|中文: ecobelt writes one of the two. -->
<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">
  <renderer-v2 type="categorizedSymbol" attr="name|name_zh" enableorderby="0" forceraster="0" symbollevels="0">
    <categories>
      <category value="Start area|起步区" label="Start area|起步区" symbol="0" render="true"/>
      <category value="Remaining area|其余区域" label="Remaining area|其余区域" symbol="1" render="true"/>
      <category value="" label="Demonstration zone|示范区" symbol="2" render="true"/>
    </categories>
    <symbols>
      <symbol name="0" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" type="QString" value="120,0,20,200"/>
            <Option name="style" type="QString" value="solid"/>
            <Option name="outline_color" type="QString" value="64,0,13,255"/>
            <Option name="outline_style" type="QString" value="solid"/>
            <Option name="outline_width" type="QString" value="0.4"/>
            <Option name="outline_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol name="1" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" type="QString" value="214,140,60,170"/>
            <Option name="style" type="QString" value="solid"/>
            <Option name="outline_color" type="QString" value="64,0,13,255"/>
            <Option name="outline_style" type="QString" value="solid"/>
            <Option name="outline_width" type="QString" value="0.4"/>
            <Option name="outline_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol name="2" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option name="color" type="QString" value="189,189,189,160"/>
            <Option name="style" type="QString" value="solid"/>
            <Option name="outline_color" type="QString" value="64,0,13,255"/>
            <Option name="outline_style" type="QString" value="solid"/>
            <Option name="outline_width" type="QString" value="0.4"/>
            <Option name="outline_width_unit" type="QString" value="MM"/>
            <Option name="joinstyle" type="QString" value="round"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="name|name_zh" isExpression="0" fontSize="8" fontSizeUnit="Point" fontWeight="63" textColor="64,0,13,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85" bufferJoinStyle="128"/>
      </text-style>
      <placement placement="1" dist="1" distUnits="MM" placementFlags="10" polygonPlacementFlags="2" priority="5" quadOffset="4" centroidInside="1" centroidWhole="0" />
      <rendering drawLabels="1" obstacle="0" scaleVisibility="1" scaleMin="1" scaleMax="150000"/>
    </settings>
  </labeling>
  <layerOpacity>1</layerOpacity>
</qgis>
